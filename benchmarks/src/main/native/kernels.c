// The loops of KernelMain in plain C, for `grape bench kernels`: gcc -O3 -march=native -ffast-math, which lets the compiler add
// in any order, as the kernels do. Arguments: mebibytes, rounds. Prints the best round of each.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { DIMENSION = 384 };

static volatile double sink;

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec * 1e-9;
}

static double sum_all(const void* memory, size_t bytes, const void* query) {
    (void)query;
    const uint64_t* words = memory;
    uint64_t sum = 0;
    for (size_t i = 0; i < bytes / 8; i++) {
        sum += words[i];
    }
    return (double)sum;
}

static double dot_all(const void* memory, size_t bytes, const void* query) {
    const float *rows = memory, *q = query;
    double total = 0;
    for (size_t row = 0; row < bytes / 4 / DIMENSION; row++) {
        float sum = 0;
        for (int i = 0; i < DIMENSION; i++) {
            sum += rows[row * DIMENSION + i] * q[i];
        }
        total += sum;
    }
    return total;
}

static double l2_all(const void* memory, size_t bytes, const void* query) {
    const float *rows = memory, *q = query;
    double total = 0;
    for (size_t row = 0; row < bytes / 4 / DIMENSION; row++) {
        float sum = 0;
        for (int i = 0; i < DIMENSION; i++) {
            float difference = rows[row * DIMENSION + i] - q[i];
            sum += difference * difference;
        }
        total += sum;
    }
    return total;
}

static double int8_all(const void* memory, size_t bytes, const void* query) {
    const int8_t *rows = memory, *q = query;
    double total = 0;
    for (size_t row = 0; row < bytes / DIMENSION; row++) {
        int32_t sum = 0;
        for (int i = 0; i < DIMENSION; i++) {
            sum += rows[row * DIMENSION + i] * q[i];
        }
        total += sum;
    }
    return total;
}

static void measure(const char* key, double (*loop)(const void*, size_t, const void*), const void* memory, size_t bytes,
                    const void* query, int rounds) {
    double best = 1e9;
    for (int round = 0; round < rounds; round++) {
        double start = seconds();
        sink += loop(memory, bytes, query);
        double spent = seconds() - start;
        best = spent < best ? spent : best;
    }
    printf("@%s %.9g\n", key, bytes / 1e9 / best);
}

int main(int argc, char** argv) {
    if (argc != 3) {
        return 64;
    }
    size_t bytes = strtoull(argv[1], NULL, 10) << 20;
    int rounds = atoi(argv[2]);
    uint32_t* memory = aligned_alloc(4096, bytes);
    uint32_t state = 1;
    for (size_t i = 0; i < bytes / 4; i++) {
        state = state * 1664525u + 1013904223u;
        memory[i] = 0x3F000000u | (state >> 8 & 0x007F7F7Fu);
    }
    measure("read", sum_all, memory, bytes, memory, rounds);
    measure("dot", dot_all, memory, bytes, memory, rounds);
    measure("l2", l2_all, memory, bytes, memory, rounds);
    measure("int8", int8_all, memory, bytes, memory, rounds);
    free(memory);
    return 0;
}
