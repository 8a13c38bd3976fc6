"""Read probation inspection reports and say which problems recur, where and on what evidence."""
