"""What services answer, as the pages read it: fields we use, the rest is ignored."""
