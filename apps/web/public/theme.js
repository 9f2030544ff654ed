// Runs before the first paint, so that a page opened in the other theme does not flash.
const theme = localStorage.getItem('holdfast.theme')
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
