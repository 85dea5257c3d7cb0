/**
 * The look of the pages that a server writes by itself: the colours and sizes of the portal's, whose every pair of ink and
 * ground has a contrast of 4.5 or more, in both schemes.
 */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --raised: #ffffff; --hover: #e9eff5; --ink: #14202b; --ink-soft: #4a5866; --control-line: #7b8894;
  --accent: #0b5c8a; --on-accent: #ffffff; --focus: #0b5c8a; --warn-ink: #744b00; --warn-ground: #fdf3dc;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12171d; --raised: #1b222a; --hover: #25303b; --ink: #e9eef3; --ink-soft: #a9b6c2; --control-line: #8493a1;
    --accent: #7cc0ec; --on-accent: #0a1a26; --focus: #8ecaf0; --warn-ink: #f2c966; --warn-ground: #352a11;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { font: 100%/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); }
main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.4rem; line-height: 1.2; margin: 0 0 0.75rem; text-wrap: balance; }
h2 { font-size: 1rem; line-height: 1.2; margin: 1.5rem 0 0.5rem; color: var(--ink-soft); }
p { margin: 0 0 0.75rem; }
.note { background: var(--warn-ground); color: var(--warn-ink); border-radius: 0.5rem; padding: 0.75rem 1rem; }
.soft { color: var(--ink-soft); }
.last { margin: 1.5rem 0 0; }
label { display: block; font-weight: 600; margin-bottom: 0.25rem; }
.search { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: end; margin: 1rem 0; }
.search > div { flex: 1 1 14rem; }
input, button, .button {
  font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--control-line); border-radius: 0.5rem;
  min-height: 2.75rem; padding: 0.5rem 0.75rem;
}
input { width: 100%; }
button, .button { cursor: pointer; font-weight: 550; text-decoration: none; display: inline-flex; align-items: center; }
.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.people { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.5rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 16rem), 1fr)); }
.people button { width: 100%; height: 100%; flex-direction: column; align-items: start; text-align: start; font-weight: 400; overflow-wrap: anywhere; }
button:hover:not(.main), .button:hover:not(.main) { background: var(--hover); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
`
