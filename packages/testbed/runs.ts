/** How many random inputs a property is held against: a quarter of them among the tests that run each time, all of them in the long ones. */
export const runs = (all: number): number => (process.env.SLUICE_LONG === '1' ? all : Math.ceil(all / 4));
