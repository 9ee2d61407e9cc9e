/** Marks the nodes that may be changed in place: those made since the last snapshot. */
type Owner = object;

interface Leaf<V> {
  readonly owner: Owner;
  readonly keys: string[];
  readonly values: V[];
  readonly children?: undefined;
}

interface Branch<V> {
  readonly owner: Owner;
  /** A lower bound of each child's keys. */
  readonly keys: string[];
  readonly children: OrderedNode<V>[];
}

/** The map as it was at one moment. Never changes. */
export type OrderedNode<V> = Leaf<V> | Branch<V>;

const maxNodeSize = 64;

/** An ordered map whose snapshots cost nothing: a B+ tree that copies the nodes on the way to a change. */
export class OrderedMap<V> {
  #owner: Owner = {};
  #root: OrderedNode<V> = { owner: this.#owner, keys: [], values: [] };

  /** The map as it is now, unaffected by later changes. */
  snapshot(): OrderedNode<V> {
    this.#owner = {};
    return this.#root;
  }

  /** The map as it is now, valid until the next change only. */
  current(): OrderedNode<V> {
    return this.#root;
  }

  set(key: string, value: V): void {
    const root = this.#own(this.#root);
    const right = this.#insert(root, key, value);
    this.#root = right ? { owner: this.#owner, keys: [root.keys[0]!, right.keys[0]!], children: [root, right] } : root;
  }

  delete(key: string): void {
    if (findIn(this.#root, key) === undefined) return;
    let root = this.#own(this.#root);
    this.#remove(root, key);
    while (root.children?.length === 1) root = root.children[0]!;
    if (root.children?.length === 0) root = { owner: this.#owner, keys: [], values: [] };
    this.#root = root;
  }

  #own(node: OrderedNode<V>): OrderedNode<V> {
    if (node.owner === this.#owner) return node;
    return node.children
      ? { owner: this.#owner, keys: node.keys.slice(), children: node.children.slice() }
      : { owner: this.#owner, keys: node.keys.slice(), values: node.values.slice() };
  }

  /** Inserts below an owned node; returns the right half when the node had to be split. */
  #insert(node: OrderedNode<V>, key: string, value: V): OrderedNode<V> | undefined {
    if (!node.children) {
      const at = lowerBound(node.keys, key);
      if (node.keys[at] === key) {
        node.values[at] = value;
        return undefined;
      }
      node.keys.splice(at, 0, key);
      node.values.splice(at, 0, value);
    } else {
      const at = childFor(node, key);
      // Stays a lower bound, or the halves of a split first child would be out of order.
      if (key < node.keys[0]!) node.keys[0] = key;
      const child = this.#own(node.children[at]!);
      node.children[at] = child;
      const right = this.#insert(child, key, value);
      if (!right) return undefined;
      node.keys.splice(at + 1, 0, right.keys[0]!);
      node.children.splice(at + 1, 0, right);
    }
    return node.keys.length > maxNodeSize ? this.#split(node) : undefined;
  }

  #split(node: OrderedNode<V>): OrderedNode<V> {
    const half = node.keys.length >> 1;
    const keys = node.keys.splice(half);
    return node.children
      ? { owner: this.#owner, keys, children: node.children.splice(half) }
      : { owner: this.#owner, keys, values: node.values.splice(half) };
  }

  #remove(node: OrderedNode<V>, key: string): void {
    if (!node.children) {
      const at = lowerBound(node.keys, key);
      node.keys.splice(at, 1);
      node.values.splice(at, 1);
      return;
    }
    const at = childFor(node, key);
    const child = this.#own(node.children[at]!);
    node.children[at] = child;
    this.#remove(child, key);
    if (child.keys.length === 0) {
      node.keys.splice(at, 1);
      node.children.splice(at, 1);
    }
  }
}

export function findIn<V>(root: OrderedNode<V>, key: string): V | undefined {
  let node = root;
  while (node.children) node = node.children[childFor(node, key)]!;
  const at = lowerBound(node.keys, key);
  return node.keys[at] === key ? node.values[at] : undefined;
}

/** Appends to `into`, in ascending order, the values whose keys are in [from, to), until it holds `limit`. */
export function collectAscending<V>(node: OrderedNode<V>, from: string, to: string, limit: number, into: V[]): void {
  if (!node.children) {
    for (let at = lowerBound(node.keys, from); at < node.keys.length && into.length < limit; at++) {
      if (node.keys[at]! >= to) return;
      into.push(node.values[at]!);
    }
    return;
  }
  for (let at = childFor(node, from); at < node.keys.length && into.length < limit; at++) {
    if (at > 0 && node.keys[at]! >= to) return;
    collectAscending(node.children[at]!, from, to, limit, into);
  }
}

/** As `collectAscending`, from the highest key down. */
export function collectDescending<V>(node: OrderedNode<V>, from: string, to: string, limit: number, into: V[]): void {
  if (!node.children) {
    for (let at = lowerBound(node.keys, to) - 1; at >= 0 && into.length < limit; at--) {
      if (node.keys[at]! < from) return;
      into.push(node.values[at]!);
    }
    return;
  }
  for (let at = childFor(node, to); at >= 0 && into.length < limit; at--) {
    collectDescending(node.children[at]!, from, to, limit, into);
    if (node.keys[at]! < from) return;
  }
}

/** Index of the first key that is not below `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the child in which `key` is, or would be. */
function childFor<V>(branch: Branch<V>, key: string): number {
  const at = lowerBound(branch.keys, key);
  if (branch.keys[at] === key) return at;
  return at === 0 ? 0 : at - 1;
}
