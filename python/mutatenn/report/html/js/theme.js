// The theme: that of the system, light, or dark.
const THEMES = ["system", "light", "dark"];
const onTheme = [];

function themes() {
  const button = byId("theme");
  let at = 0;
  button.addEventListener("click", () => {
    at = (at + 1) % THEMES.length;
    if (at) document.documentElement.dataset.theme = THEMES[at];
    else delete document.documentElement.dataset.theme;
    button.textContent = `Theme: ${THEMES[at]}`;
    onTheme.forEach((tell) => tell());
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => onTheme.forEach((tell) => tell()));
}
