// The product of a single row with a packed matrix, as io.gatecast.network.kernel.VectorRow takes it: eight vectors of sums
// stay in registers while every weight is read once. Weights lie in panels of 64 columns, in a panel row after row.

#define PANEL 64

#ifdef __AVX512F__
#define LANES 16
#else
#define LANES 8
#endif

// As good as a float's alignment: Java's arrays have no better one to offer.
typedef float lanes __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

// Keeps the compiler from doing once what is to be done again and again.
#define AGAIN __asm__ volatile("" ::: "memory")

static lanes load(const float *from) { return *(const lanes *)from; }

static void store(float *to, lanes numbers) { *(lanes *)to = numbers; }

// y[columns] += x[rows] * w[columns / 64][rows][64], so many times; columns are a multiple of 128.
void row(long times, long rows, long columns, const float *x, const float *w, float *y) {
    const long half = 4 * LANES;
    for (long time = 0; time < times; time++) {
        for (long j = 0; j < columns; j += 2 * half) {
            const float *left = w + j / PANEL * PANEL * rows + j % PANEL;
            const float *right = w + (j + half) / PANEL * PANEL * rows + (j + half) % PANEL;
            float *to = y + j;
            lanes s0 = load(to), s1 = load(to + LANES), s2 = load(to + 2 * LANES), s3 = load(to + 3 * LANES);
            lanes s4 = load(to + 4 * LANES), s5 = load(to + 5 * LANES), s6 = load(to + 6 * LANES);
            lanes s7 = load(to + 7 * LANES);
            for (long k = 0; k < rows; k++, left += PANEL, right += PANEL) {
                s0 += x[k] * load(left);
                s1 += x[k] * load(left + LANES);
                s2 += x[k] * load(left + 2 * LANES);
                s3 += x[k] * load(left + 3 * LANES);
                s4 += x[k] * load(right);
                s5 += x[k] * load(right + LANES);
                s6 += x[k] * load(right + 2 * LANES);
                s7 += x[k] * load(right + 3 * LANES);
            }
            store(to, s0), store(to + LANES, s1), store(to + 2 * LANES, s2), store(to + 3 * LANES, s3);
            store(to + 4 * LANES, s4), store(to + 5 * LANES, s5), store(to + 6 * LANES, s6);
            store(to + 7 * LANES, s7);
        }
        AGAIN;
    }
}

// Reads w[count] so many times and does no more than it must: the rate at which a cache hands it over. count is a multiple of 128.
float sum(long times, long count, const float *w) {
    float all = 0;
    for (long time = 0; time < times; time++) {
        lanes s0 = {0}, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        for (long i = 0; i < count; i += 8 * LANES) {
            s0 += load(w + i);
            s1 += load(w + i + LANES);
            s2 += load(w + i + 2 * LANES);
            s3 += load(w + i + 3 * LANES);
            s4 += load(w + i + 4 * LANES);
            s5 += load(w + i + 5 * LANES);
            s6 += load(w + i + 6 * LANES);
            s7 += load(w + i + 7 * LANES);
        }
        s0 = ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
        for (int lane = 0; lane < LANES; lane++) {
            all += s0[lane];
        }
        AGAIN;
    }
    return all;
}
