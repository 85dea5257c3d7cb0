/** As the platform lists them. */
export const boxes = ['received', 'queue', 'sent'] as const
export type Box = (typeof boxes)[number]
