import type { Conversation } from '@holdfast/api'
/** The conversation in one sentence: what set it off, who took part, how much there was of it, by whose clock. */
export declare function ConversationHead({
  conversation,
}: {
  readonly conversation: Conversation
}): import('react').JSX.Element
//# sourceMappingURL=ConversationHead.d.ts.map
