"""Understanding: from a shopper's text to a calibrated reading. The only room that knows spaCy and lingua."""
