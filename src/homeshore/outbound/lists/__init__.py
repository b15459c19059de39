"""Lists of people whom agents call one after the other, each after having read about them."""
