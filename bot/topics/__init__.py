"""The library of topics: what any shop is asked, in both languages, written like a shop's FAQ."""
