"""From a paper's data to a PDF: templates, stylesheet, fonts and the renderer's own processes."""
