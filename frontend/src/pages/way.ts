/** A way of several steps shows the one where one is, also where only some of them fit. */
document.querySelector(".way [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
