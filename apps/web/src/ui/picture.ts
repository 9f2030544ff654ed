/** What a picture needs of the page's style to look the same elsewhere. */
const STYLES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
  'visibility',
  'display',
] as const

const SVG = 'http://www.w3.org/2000/svg'

/** The largest chart that the page shows; undefined where it shows none. */
export function shownPicture(): SVGSVGElement | undefined {
  const all = [...document.querySelectorAll<SVGSVGElement>('main svg[role="img"]')]
  return all.toSorted((a, b) => areaOf(b) - areaOf(a)).find((picture) => areaOf(picture) > 0)
}

/** A chart as an SVG file that looks as it did: it carries its own style, and its texts are texts. */
export function svgText(picture: SVGSVGElement): string {
  const copy = picture.cloneNode(true) as SVGSVGElement // a clone is of the same kind
  const { width, height } = picture.getBoundingClientRect()
  const originals = [picture, ...picture.querySelectorAll<SVGElement>('*')]
  for (const [index, element] of [copy, ...copy.querySelectorAll<SVGElement>('*')].entries()) {
    const original = originals[index]
    if (original !== undefined) setStyle(element, getComputedStyle(original))
  }
  copy.setAttribute('xmlns', SVG)
  copy.setAttribute('width', String(Math.ceil(width)))
  copy.setAttribute('height', String(Math.ceil(height)))
  if (!copy.hasAttribute('viewBox')) copy.setAttribute('viewBox', `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`)
  const ground = document.createElementNS(SVG, 'rect')
  ground.setAttribute('width', '100%')
  ground.setAttribute('height', '100%')
  ground.setAttribute('fill', getComputedStyle(document.body).backgroundColor)
  copy.prepend(ground)
  return new XMLSerializer().serializeToString(copy)
}

/** The same as PNG, twice as large as it is shown. */
export async function pngOf(svg: string): Promise<Blob> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = image.naturalWidth * 2
  canvas.height = image.naturalHeight * 2
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((done, fail) =>
    canvas.toBlob((blob) => (blob === null ? fail(new Error('the browser made no picture')) : done(blob)), 'image/png'),
  )
}

function setStyle(element: SVGElement, style: CSSStyleDeclaration): void {
  // As attributes: a file that is opened under a strict policy keeps its looks.
  element.removeAttribute('class')
  element.removeAttribute('style')
  for (const name of STYLES) {
    const value = style.getPropertyValue(name)
    if (value !== '') element.setAttribute(name, value)
  }
}

function areaOf(picture: SVGSVGElement): number {
  const { width, height } = picture.getBoundingClientRect()
  return width * height
}
