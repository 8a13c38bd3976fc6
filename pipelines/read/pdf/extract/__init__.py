"""From the bytes of a PDF to the spans and shapes of its pages."""
