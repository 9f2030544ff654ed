import type { DrawnGraph } from '@holdfast/api'
import { EDGE_BASES, isProven } from '@holdfast/model'
import { inertLine } from '../../text/inert.ts'
import { KIND_WORDS, lineOf } from '../node-words.ts'
import { joinPath } from './join-path.ts'
import { NODE_HEIGHT, NODE_WIDTH, type Placed } from './layout.ts'
import { element, textNode, xml, type SvgPart } from './svg-text.ts'

/** Colours by the name of their token, as the page has them. */
export type PictureColours = (token: string) => string

type PictureOptions = {
  readonly graph: DrawnGraph
  readonly placed: Placed
  readonly colours: PictureColours
  /** Lines below the drawing: of what it is, as of when. Untrusted. */
  readonly caption: readonly string[]
}

const MARGIN = 16
const HEAD = 28
const LINE = 18
/** Characters that fit beside the sign of a node; a font that nobody can measure here is about so wide. */
const FITS = 27
const DASHES = { solid: '', dashed: '7 4', dotted: '1.5 4', faint: '1.5 5' } as const

/**
 * The whole drawing as an SVG file: rectangles, lines and texts, with no style sheet, no script, no link and nothing from
 * elsewhere. Captured text is text, made inert as on the page.
 */
export function graphPicture({ graph, placed, colours, caption }: PictureOptions): string {
  const below = [...caption, legendOf(graph)]
  const width = placed.width + 2 * MARGIN
  const height = HEAD + placed.height + MARGIN + below.length * LINE + MARGIN
  const parts = [
    element('rect', { width, height, fill: colours('paper') }),
    ...placed.lanes.flatMap(({ lane, name, x, width: wide, count }) => [
      element('rect', {
        x: x + MARGIN,
        y: 0,
        width: wide,
        height: HEAD + placed.height,
        fill: colours(`lane-${lane}`),
        'fill-opacity': 0.04,
      }),
      textNode(`${name}${count === 0 ? ': none' : ` ${count}`}`, {
        x: x + MARGIN + 8,
        y: 18,
        fill: colours(`lane-${lane}`),
        'font-weight': 'bold',
      }),
    ]),
    element('g', { transform: `translate(${MARGIN} ${HEAD})` }, [
      ...graph.edges.flatMap((edge) => joinOf(edge, placed, colours)),
      ...graph.nodes.flatMap((node) => nodeOf(node, placed, colours)),
    ]),
    ...below.map((line, index) =>
      textNode(inertLine(line), {
        x: MARGIN,
        y: HEAD + placed.height + MARGIN + (index + 0.7) * LINE,
        fill: colours('soft'),
      }),
    ),
  ]
  return xml(
    element(
      'svg',
      {
        xmlns: 'http://www.w3.org/2000/svg',
        width,
        height,
        viewBox: `0 0 ${width} ${height}`,
        'font-family': 'sans-serif',
        'font-size': 12,
      },
      parts,
    ),
  )
}

function joinOf(edge: DrawnGraph['edges'][number], placed: Placed, colours: PictureColours): readonly SvgPart[] {
  const [from, to] = [placed.positions.get(edge.from), placed.positions.get(edge.to)]
  if (from === undefined || to === undefined) return []
  const line = lineOf(edge.basis)
  const [d, x, y] = joinPath(from, to)
  const stroke = colours(line === 'faint' ? 'faint' : edge.kind === 'carried' ? 'lane-network' : 'line-strong')
  const dash = DASHES[line] === '' ? {} : { 'stroke-dasharray': DASHES[line], 'stroke-linecap': 'round' }
  return [
    element('path', { d, fill: 'none', stroke, 'stroke-width': 1.4, ...dash }),
    // A file without styles and markers shows on which end a line ends by a dot.
    element('circle', { cx: endX(from, to), cy: endY(from, to), r: 3, fill: stroke }),
    ...(edge.count > 1 ? [textNode(`×${edge.count}`, { x, y, fill: colours('soft'), 'font-size': 10 })] : []),
  ]
}

type Point = { readonly x: number; readonly y: number }

function endX(from: Point, to: Point): number {
  return to.x > from.x ? to.x : to.x < from.x || to.y <= from.y ? to.x + NODE_WIDTH : to.x + NODE_WIDTH / 2
}

function endY(from: Point, to: Point): number {
  return to.x === from.x && to.y > from.y ? to.y : to.y + NODE_HEIGHT / 2
}

function nodeOf(node: DrawnGraph['nodes'][number], placed: Placed, colours: PictureColours): readonly SvgPart[] {
  const place = placed.positions.get(node.id)
  if (place === undefined) return []
  const { x, y } = place
  const isError = node.status === 'error'
  const lane = colours(isError ? 'bad' : `lane-${node.lane}`)
  const states = [
    KIND_WORDS[node.kind],
    ...(node.trigger === true ? ['trigger'] : []),
    ...(isError ? ['error'] : []),
    ...(node.unjoined === true ? ['joined to no prompt'] : []),
    ...(node.count > 1 ? [`×${node.count}`] : []),
  ]
  return [
    element('rect', {
      x,
      y,
      width: NODE_WIDTH,
      height: NODE_HEIGHT,
      rx: 6,
      fill: colours('raised'),
      stroke: isError ? lane : colours('line-strong'),
      ...(node.unjoined === true ? { 'stroke-dasharray': '4 3' } : {}),
    }),
    element('rect', { x, y, width: 4, height: NODE_HEIGHT, rx: 2, fill: lane }),
    textNode(states.join(' · '), { x: x + 12, y: y + 17, fill: colours('faint'), 'font-size': 10 }),
    textNode(cut(inertLine(node.label)), { x: x + 12, y: y + 34, fill: colours('ink') }),
  ]
}

function cut(text: string): string {
  const characters = Array.from(text)
  return characters.length <= FITS ? text : `${characters.slice(0, FITS - 1).join('')}…`
}

/** How the joins that are drawn are known; the kinds of lines in words, since a picture travels without its page. */
function legendOf({ edges }: DrawnGraph): string {
  const counts = EDGE_BASES.flatMap((basis) => {
    const count = edges.filter((edge) => edge.basis === basis).length
    return count === 0 ? [] : [`${basis} ${count} (${lineOf(basis)}, ${isProven(basis) ? 'proven' : 'inferred'})`]
  })
  return counts.length === 0 ? 'no joins' : `joins: ${counts.join(', ')}`
}
