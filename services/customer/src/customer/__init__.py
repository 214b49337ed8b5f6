"""Who pays: customers, products, bookings, and who sells to whom."""
