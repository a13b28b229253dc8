"""What a message holds before anyone knows what it means: language, words, entities, parts, its embedding."""
