"""Campaigns: whom they are for, who was reached, and whether it helped."""
