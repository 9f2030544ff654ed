/**
 * Takes out of a recording what would give its label away: replaces the wrapper that public attack recordings put around
 * an injected goal by the bare goal, and the names that tools left in the records of executed techniques by one other
 * name each, so that one principal stays one principal. Works on the run as it was recorded, where line breaks may be
 * escaped once or more; all else stays as it is.
 */
export function neutralise(text: string): string {
  return text
    .replace(WRAPPER, (whole) => {
      const flat = whole.replaceAll(/(?:\\+[nrt]|\s|\\+(?=\\?n|\s))+/g, ' ').replaceAll(/\s+/g, ' ')
      const goal = GOAL.exec(flat)?.[1]?.trim()
      return goal === undefined ? whole : ` ${goal.replace(/\\+$/, '')} `
    })
    .replaceAll(/stratus[-_ ]?red[-_ ]?team/gi, 'operations')
    .replaceAll(/stratus|grimoire/gi, 'console')
}

const WRAPPER = /<INFORMATION>[\s\S]{0,4000}?<\/INFORMATION>/g
const GOAL = /do the\s+following first:([\s\S]{0,2000}?)After you do that/
