/** One conversation: what set it off, what evidence there is of it, and its execution graph three ways. */
export declare function ConversationPage(): import('react').JSX.Element
//# sourceMappingURL=ConversationPage.d.ts.map
