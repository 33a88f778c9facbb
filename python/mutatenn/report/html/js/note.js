// One mutant as a note below the line that it changes: verdicts, and the difference.
function noteOf(store, sources, row, layout, chosen) {
  const id = store.idOf(row);
  const devices = store.devices.map((device) => {
    const reason = [device.reason.of(row), device.marks.of(row)].filter(Boolean).join("; ");
    const far = device.far.of(row);
    return element("li", {}, element("span", { class: "device" }, device.name), verdictTag(device.verdict.of(row)),
      reason ? ` ${reason}` : "", far ? element("span", { class: "muted" }, ` · ${far}`) : null);
  });
  const change = store.change.of(row);
  const facts = [store.stage.of(row), store.layers.of(row), store.preserving[row] ? "semantics-preserving, in no score" : "",
    sources.known[row] === 0 ? "its place is not known: shown where the function begins" : ""].filter(Boolean).join(" · ");
  return element("article", { class: `note${chosen ? " chosen" : ""}`, "aria-label": `Mutant ${id}`, tabindex: chosen ? "-1" : null },
    element("header", {},
      element("h3", {}, store.operator.of(row), change ? ` ${change}` : ""),
      element("a", { href: hashOf("code", { mutant: id }) }, element("code", {}, id)),
      element("span", { class: "muted" }, facts)),
    element("ul", {}, ...devices),
    changeOf(sources, row, layout));
}
