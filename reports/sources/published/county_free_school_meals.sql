select * from published.county_free_school_meals
