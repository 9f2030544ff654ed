import { asTextQuery, parseHuntQuery, printHuntQuery } from '@holdfast/model'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { plural } from '../ui/format.ts'
import { type HuntAsked, huntQueries } from './queries.ts'

/**
 * Where no name holds the words of a question: how many events have them in their captured texts, as the way there. Counting
 * reads those texts, so it is on record, and who may not read them is told so instead.
 */
export function InTexts({ asked }: { readonly asked: HuntAsked }) {
  const q = textQuestion(asked.q ?? '')
  return q === undefined ? null : <Counted asked={{ ...asked, q }} />
}

function Counted({ asked }: { readonly asked: HuntAsked & { readonly q: string } }) {
  const { data, error } = useQuery(huntQueries.counts(asked, 'kind'))
  if (error !== null)
    return (
      <p className="text-soft">
        A word like that may stand in captured texts, and was not looked for there: <Untrusted text={error.message} />
      </p>
    )
  if (data === undefined) return <output className="text-soft">Looking into captured texts …</output>
  const { q, from, to, clock } = asked
  const older = data.nextCursor === undefined ? '' : ', of the newest'
  if (data.matched === 0)
    return (
      <output className="text-soft">No captured text holds it either{older === '' ? '' : ' among the newest'}.</output>
    )
  return (
    <Link to={paths.hunt} search={{ q, from, to, clock }} className="button button-primary self-start">
      In captured texts: {plural(data.matched, 'event')}
      {older}
    </Link>
  )
}

function textQuestion(q: string): string | undefined {
  const parsed = parseHuntQuery(q)
  const query = parsed.status === 'ok' ? asTextQuery(parsed.query) : undefined
  return query === undefined ? undefined : printHuntQuery(query)
}
