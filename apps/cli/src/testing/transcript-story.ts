import { chat } from '@holdfast/testkit'
import { poisonedReport } from './poisoned-report.ts'

/** The document that both agents of the transcripts retrieve. */
export const DOCUMENT = 'q3-sales-report'

const retrieval = (conversation: string) => ({
  name: 'retrieval reports',
  attributes: {
    'gen_ai.operation.name': 'retrieval',
    'gen_ai.conversation.id': conversation,
    'gen_ai.data_source.id': 'reports',
    'gen_ai.retrieval.documents': JSON.stringify([{ id: DOCUMENT, score: 0.91 }]),
  },
})

/** What happened before a transcript begins: one agent does what a sentence in a report asks, another only reads the report. */
export const TRANSCRIPT_STORY = [
  { service: 'report-clerk', trace: 'poisoned', spans: [retrieval('poisoned'), ...poisonedReport] },
  {
    service: 'price-desk',
    trace: 'price-question',
    spans: [
      retrieval('price-question'),
      {
        name: 'chat gpt-5-mini',
        attributes: chat('price-question', { user: 'Did sales grow?', answer: 'They grew by four percent.' }),
      },
    ],
  },
] as const
