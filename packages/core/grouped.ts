/** A whole number for people: `12,345`. Not by `toLocaleString`: what knows the languages takes 13 ms of a start to load. */
export const grouped = (number: number): string => String(number).replace(/\B(?=(\d{3})+$)/g, ',');
