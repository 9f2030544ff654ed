import type { Element } from './execution.ts'

/** An element's name among all elements: `tool export.write`. */
export function nameOf({ kind, name }: Pick<Element, 'kind' | 'name'>): string {
  return `${kind} ${name}`
}

/** Two elements that were in one execution, in whatever order. */
export function pairOf(a: Element, b: Element): string {
  const [one, other] = [nameOf(a), nameOf(b)]
  return one < other ? `${one}\n${other}` : `${other}\n${one}`
}

/** As a reason says it. */
export function wordsOf({ kind, name }: Element): string {
  switch (kind) {
    case 'trigger':
      return `a start by ${name}`
    case 'order':
      return `the order ${name}`
    case 'tool':
      return `the tool ${name}`
    case 'data':
      return `the data of ${name}`
    case 'identity':
      return `the identity ${name}`
    case 'egress':
      return `the destination ${name}`
  }
}
