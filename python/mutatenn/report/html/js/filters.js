// The form of filters: its choices come from the data, its values are the table's query.
function fillSelect(select, first, options) {
  select.replaceChildren(
    ...(first === null ? [] : [element("option", { value: "" }, first)]),
    ...options.map((one) => (Array.isArray(one)
      ? element("option", { value: one[0] }, one[1]) : element("option", { value: one }, one))));
}

function setValue(field, value) {
  field.value = value ?? "";
  // What is not among the choices is shown all the same, as it filters.
  if (field.value !== (value ?? "") && field instanceof HTMLSelectElement) {
    field.append(element("option", { value }, value));
    field.value = value;
  }
  field.toggleAttribute("data-set", Boolean(value));
}

function verdictChoices(store) {
  const kinds = new Map();
  for (const device of store.devices) {
    for (const [name, text] of device.verdict.words) {
      kinds.set(name, (kinds.get(name) ?? new Set()).add(text));
    }
  }
  return VERDICTS.filter((name) => kinds.has(name)).flatMap((name) => {
    const plain = name.replace("_", " ");
    const texts = [...kinds.get(name)].filter((text) => text !== plain && kinds.get(name).size > 0).sort();
    return [[name, plain], ...(name === "killed" ? texts.map((text) => [text, `  ${text}`]) : [])];
  });
}

function filterForm(store, changed) {
  const form = byId("filters");
  const field = (name) => form.elements[name];
  const sortedWords = (words) => [...words].sort(collator.compare);
  fillSelect(field("device"), null, store.devices.map((one) => one.name));
  if (store.devices.length > 1) field("device").append(element("option", { value: "any" }, "any of them"));
  fillSelect(field("verdict"), "any", verdictChoices(store));
  fillSelect(field("operator"), "any", sortedWords(store.operator.words));
  fillSelect(field("function"), "any", sortedWords(store.function.words));
  const bare = store.layers.sets.some((set) => set.length === 0) ? [NO_LAYER] : [];
  fillSelect(field("layer"), "any", [...store.layers.names, ...bare]);
  const far = new Set(store.devices.flatMap((one) => one.far.words).filter(Boolean));
  fillSelect(field("far"), "any", [...far]);
  byId("agreement-label").hidden = store.agreement === null;
  if (store.agreement) fillSelect(field("agreement"), "any", store.agreement.words);
  const names = ["q", "device", "verdict", "operator", "function", "layer", "far", "agreement"];
  const read = () => {
    const found = Object.fromEntries(names.map((name) => [name, field(name).value]));
    // The first device needs no word in the address.
    if (found.device === store.devices[0].name) found.device = "";
    return found;
  };
  form.addEventListener("input", () => changed(read()));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => { event.preventDefault(); changed({}); field("q").focus(); });
  return (query) => {
    for (const name of names) setValue(field(name), query[name]);
    if (!query.device) field("device").value = store.devices[0].name;
  };
}
