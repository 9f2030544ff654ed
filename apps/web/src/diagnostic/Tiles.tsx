import type { DiagnosticQuestionWire, DiagnosticWire } from '@holdfast/api'
import { Link } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { CommandText } from '../ui/CommandText.tsx'
import { CopyButton } from '../ui/Copy.tsx'
import { CheckLines, Checks } from './Checks.tsx'
import { PackButton } from './PackButton.tsx'
import { Picture } from './Pictures.tsx'
import { RowToCome } from './RowToCome.tsx'
import { Verdict } from './Verdict.tsx'

type TilesProps = { readonly diagnostic: DiagnosticWire; readonly selected: string | undefined }

/** The five questions side by side, each with its picture; the selected one with everything that was looked at. */
export function Tiles({ diagnostic, selected }: TilesProps) {
  const open = diagnostic.questions.find(({ id }) => id === selected)
  return (
    <section aria-label="Five questions" className="flex flex-col gap-3">
      <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-5">
        {diagnostic.questions.map((question) => (
          <Tile key={question.id} question={question} diagnostic={diagnostic} isOpen={question.id === selected} />
        ))}
      </div>
      {open !== undefined && <Opened question={open} diagnostic={diagnostic} />}
    </section>
  )
}

type TileProps = {
  readonly question: DiagnosticQuestionWire
  readonly diagnostic: DiagnosticWire
  readonly isOpen: boolean
}

function Tile({ question: { id, question, verdict, picture, checks, command }, diagnostic, isOpen }: TileProps) {
  const { agent, at } = diagnostic
  return (
    <article
      className={`panel row-span-5 grid min-w-0 grid-rows-subgrid gap-y-2 p-3 ${isOpen ? 'ring-2 ring-accent' : ''}`}
      aria-label={id}
    >
      <header className="flex items-center justify-between gap-2">
        <span className="eyebrow">{id}</span>
        <Verdict verdict={verdict} />
      </header>
      <h2 className="font-medium text-balance">{question}</h2>
      {/* One after the other, each as high as it is: a short picture leaves no hole above its checks. */}
      <div className="flex min-w-0 flex-col gap-3">
        {picture === undefined && id === 'Q5' ? (
          <RowToCome diagnostic={diagnostic} />
        ) : picture === undefined ? (
          <p className="hatched grid min-h-20 flex-1 place-content-center rounded-md border border-line px-2 text-center text-faint">
            nothing recorded to draw
          </p>
        ) : (
          <Picture picture={picture} />
        )}
        <CheckLines checks={checks} />
      </div>
      <Link
        to={paths.diagnostic}
        search={(before) => ({ ...before, agent, at, question: isOpen ? undefined : id })}
        className="link self-end justify-self-start"
        aria-expanded={isOpen}
      >
        {isOpen ? 'Close' : 'What was looked at'}
      </Link>
      <footer className="-mx-2 -mb-2 flex flex-wrap border-t border-line pt-1">
        <CopyButton text={permalinkOf(diagnostic, id)} label={`the link of ${id}`}>
          Link
        </CopyButton>
        <CopyButton text={command} label={`the command of ${id}`}>
          Command
        </CopyButton>
      </footer>
    </article>
  )
}

/** The question of this agent at this instant, whatever is newest when it is opened. */
function permalinkOf({ agent, at }: DiagnosticWire, question: string): string {
  return `${location.origin}${paths.diagnostic}?${new URLSearchParams({ agent, at, question }).toString()}`
}

function Opened({
  question: { id, question, checks, command, verdict },
  diagnostic: { agent, at },
}: {
  readonly question: DiagnosticQuestionWire
  readonly diagnostic: DiagnosticWire
}) {
  return (
    <article className="panel flex flex-col gap-2 p-4" aria-label={`${id} in full`}>
      <header className="flex flex-wrap items-center gap-3">
        <h2 className="text-lg font-semibold">
          {id} · {question}
        </h2>
        <Verdict verdict={verdict} />
        <span className="ml-auto">
          <PackButton about={{ agent, at }} question={id} label={`Export ${id}`} />
        </span>
      </header>
      <Checks checks={checks} />
      <p className="text-faint">
        The same in a terminal:{' '}
        <code>
          <CommandText text={command} />
        </code>
      </p>
    </article>
  )
}
