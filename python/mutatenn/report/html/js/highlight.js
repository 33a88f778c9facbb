// TVMScript in colours: words of Python, numbers and texts, remarks.
const TOKEN = /(#.*$)|("(?:[^"\\]|\\.)*")|\b(\d[\w.]*(?:e[-+]?\d+)?)\b|\b(def|return|for|in|with|if|else|elif|while|from|import|as|and|or|not|True|False|None|class|pass|assert)\b/g;

function highlighted(text) {
  const found = document.createDocumentFragment();
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [whole, remark, string, number] = match;
    found.append(text.slice(at, match.index));
    const kind = remark ? "remark" : string || number ? "literal" : "word";
    found.append(element("span", { class: kind }, whole));
    at = match.index + whole.length;
  }
  found.append(text.slice(at));
  return found;
}
