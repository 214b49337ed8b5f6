"""What people look at: read models, recaps and paper."""
