select * from published.district_free_school_meals
