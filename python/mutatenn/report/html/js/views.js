// The parts of the page: one is shown at a time, as the address says.
function partsOf() {
  const parts = [...document.querySelectorAll("[data-view]")];
  const links = [...document.querySelectorAll(".top nav a")];
  let current = null;
  return (wanted) => {
    const part = parts.find((one) => one.id === wanted) ?? parts[0];
    if (part === current) return part.id;
    for (const one of parts) one.hidden = one !== part;
    for (const link of links) {
      if (link.hash.split("?")[0] === `#${part.id}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    // The first part is where the reader begins: the focus stays at the top of the page.
    if (current !== null) {
      scrollTo(0, 0);
      part.querySelector("h2").focus({ preventScroll: true });
    }
    current = part;
    return part.id;
  };
}
