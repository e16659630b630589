// Where a batch of words is multiplied with the network, forwards and back: see products.wat.
import { assembled, grow, instance, type Kernel } from "../src/core/wording/kernel.ts";
import { PRODUCTS } from "./products.ts";

/** Products of matrices, and the memory in which they stand: see products.wat. */
interface Products extends Pick<Kernel, "memory"> {
  readonly times: (x: number, xLength: number, rows: number, w: number, length: number, p: number) => void;
  readonly timesLeft: (
    x: number,
    xLength: number,
    rows: number,
    p: number,
    length: number,
    w: number,
  ) => void;
  readonly timesRight: (
    p: number,
    length: number,
    rows: number,
    w: number,
    xLength: number,
    x: number,
  ) => void;
}

const LANES = 12;

/** Room for `most` words of one batch: their vectors X, what those add to the filters P, and the gradients of both. */
export function workplace(D: number, S: number, most: number) {
  if (S % LANES !== 0) throw new Error("The filters' places must come in twelves.");
  const products = instance<Products>(assembled(PRODUCTS));
  const sizes = [D * S, D * S, most * D, most * D, most * S, most * S];
  const [W = 0, dW = 0, X = 0, dX = 0, P = 0, dP = 0] = sizes.map((_, at) =>
    sizes.slice(0, at).reduce((sum, size) => sum + size * 4, 0),
  );
  grow(products, dP + most * S * 4);
  const view = (at: number, length: number) => new Float32Array(products.memory.buffer, at, length);
  return {
    W: view(W, D * S),
    dW: view(dW, D * S),
    X: view(X, most * D),
    dX: view(dX, most * D),
    P: view(P, most * S),
    dP: view(dP, most * S),
    /** P = X W, of so many words. */
    forward: (rows: number) => products.times(X, D * 4, rows, W, S * 4, P),
    /** dW = Xᵀ dP and dX = dP Wᵀ. */
    backward: (rows: number) => {
      products.timesLeft(X, D * 4, rows, dP, S * 4, dW);
      products.timesRight(dP, S * 4, rows, W, D * 4, dX);
    },
  };
}
