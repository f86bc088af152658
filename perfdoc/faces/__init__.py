"""Values as what people and machines read: the printed page's strings, explanations, texts, HTML, Markdown, JSON."""
