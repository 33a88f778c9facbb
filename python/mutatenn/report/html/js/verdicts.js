// Verdicts as the page shows them: a sign, a word and a colour.
const VERDICTS = ["survived", "not_reached", "killed", "inconclusive", "invalid", "equivalent",
  "duplicate", "pending", "not_applicable"];
const COUNTED = new Set(["killed", "survived", "not_reached"]);
const LIVING = new Set(["survived", "not_reached"]);
const NO_LAYER = "(no layer)";

const verdictTag = ([name, text]) => element("span", { class: `verdict ${name}` }, text);
