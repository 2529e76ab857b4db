"""Papers re-checked: one folder a paper, one file a figure. A new paper is one folder here and its name below."""

PAPERS = (
    "power2022",
    "nanda2023",
    "olsson2022",
    "omnigrok2023",
    "levi2024",
    "double_descent",
    "gromov2023",
    "kumar2023",
    "thilak2022",
    "millidge2022",
    "prieto2025",
)
