/** The parts of jstat that are used; it brings no types. */
declare module "jstat" {
  const jStat: {
    studentt: {
      /** Probability of a value of at most `x` with `degrees` (above 0, whole or not) of freedom. */
      cdf(x: number, degrees: number): number;
      /** The value that has `probability` (above 0, below 1) below it. */
      inv(probability: number, degrees: number): number;
    };
  };
  export default jStat;
}
