select * from published.strategic_figure
