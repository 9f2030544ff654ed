import { Fragment } from 'react'

/**
 * A command in which lines end only where its writer left a blank: a browser would else break `--flag` after a hyphen. In
 * a sentence a word longer than the line is still broken; in a block (`isBlock`) it is scrolled to.
 */
export function CommandText({ text, isBlock = false }: { readonly text: string; readonly isBlock?: boolean }) {
  const word = isBlock ? 'whitespace-nowrap' : 'inline-block max-w-full [overflow-wrap:anywhere]'
  return text.split(/([ \t\n]+)/).map((piece, index) =>
    index % 2 === 1 || piece === '' ? (
      <Fragment key={index}>{piece}</Fragment>
    ) : (
      <span key={index} className={word}>
        {piece}
      </span>
    ),
  )
}
