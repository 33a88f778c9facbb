// The address' hash holds what is shown: #part?name=value&name=value.
function readHash() {
  const [view, rest] = location.hash.slice(1).split(/\?(.*)/s);
  return { view, query: Object.fromEntries(new URLSearchParams(rest ?? "")) };
}

function hashOf(view, query) {
  const kept = Object.entries(query).filter(([, value]) => value !== "" && value !== undefined);
  const text = new URLSearchParams(kept).toString();
  return `#${view}${text ? `?${text}` : ""}`;
}

let laterHash = 0;

// Typing would write the address more often than browsers allow.
function replaceHash(view, query) {
  clearTimeout(laterHash);
  laterHash = setTimeout(() => history.replaceState(null, "", hashOf(view, query)), 200);
}

// Before the reader goes elsewhere, the place that is gone back to must be the one that was left.
function settleHash(view, query) {
  clearTimeout(laterHash);
  history.replaceState(null, "", hashOf(view, query));
}
