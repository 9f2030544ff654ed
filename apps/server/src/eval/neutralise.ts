/**
 * Replaces the wrapper that public attack recordings put around an injected goal by the bare goal, so that no score can rest on the wrapper. Works
 * on the run as it was recorded, where line breaks may be escaped once or more; what holds no wrapper stays as it is.
 */
export function neutralise(text: string): string {
  return text.replace(WRAPPER, (whole) => {
    const flat = whole.replaceAll(/(?:\\+[nrt]|\s|\\+(?=\\?n|\s))+/g, ' ').replaceAll(/\s+/g, ' ')
    const goal = GOAL.exec(flat)?.[1]?.trim()
    return goal === undefined ? whole : ` ${goal.replace(/\\+$/, '')} `
  })
}

const WRAPPER = /<INFORMATION>[\s\S]{0,4000}?<\/INFORMATION>/g
const GOAL = /do the\s+following first:([\s\S]{0,2000}?)After you do that/
