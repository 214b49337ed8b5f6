"""What people are told: WhatsApp messages to customers, and the bell."""
