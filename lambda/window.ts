/** A day, in ms. */
export const dayMs = 24 * 60 * 60_000;

/** How long the service keeps a number in the deletion queue: 7 days, says its documentation. In ms. */
export const deletionWindowMs = 7 * dayMs;
