"""Where documents are worked on: processes that may die without harm, here or on a cluster."""
