select * from published.living_standards_yardstick
