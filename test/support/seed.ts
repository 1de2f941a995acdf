/**
 * Where the chance of property tests begins. A change is judged by the stories that were told before it; `npm run chaos` begins
 * somewhere else each time, and `ROSTRUM_SEED` wherever it says.
 */
export const SEED = Number(process.env['ROSTRUM_SEED'] ?? 636_124_307);
