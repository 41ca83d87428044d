// The driver of hnswlib: M 16 (32 edges at the bottom), build beam 200. Arguments and lines as the package description of
// io.grape.benchmarks.vectors.contender says. Compiled by `grape bench vectors` with g++ -O3 -march=native.
#include <hnswlib/hnswlib.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

static const size_t kM = 16;
static const size_t kBuildBeam = 200;
static const size_t kNeighbours = 10;

static int64_t wall_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

static int64_t cpu_ns() {
    timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static std::vector<float> read_floats(const std::string& path, size_t count) {
    std::vector<float> floats(count);
    std::ifstream in(path, std::ios::binary);
    in.read(reinterpret_cast<char*>(floats.data()), count * sizeof(float));
    if (static_cast<size_t>(in.gcount()) != count * sizeof(float)) {
        throw std::runtime_error("cannot read " + path);
    }
    return floats;
}

int main(int argc, char** argv) {
    if (argc != 10) {
        std::cerr << "usage: build|serve base queries rows queries dimension angular|euclidean directory threads\n";
        return 64;
    }
    const std::string mode = argv[1];
    const size_t rows = std::stoul(argv[4]), queries = std::stoul(argv[5]), dimension = std::stoul(argv[6]);
    const std::string file = std::string(argv[8]) + "/index";
    std::unique_ptr<hnswlib::SpaceInterface<float>> space;
    if (std::strcmp(argv[7], "angular") == 0) {
        space.reset(new hnswlib::InnerProductSpace(dimension));
    } else {
        space.reset(new hnswlib::L2Space(dimension));
    }
    if (mode == "build") {
        const int64_t wall = wall_ns(), cpu = cpu_ns();
        std::vector<float> base = read_floats(argv[2], rows * dimension);
        hnswlib::HierarchicalNSW<float> index(space.get(), rows, kM, kBuildBeam);
        for (size_t row = 0; row < rows; row++) {
            index.addPoint(base.data() + row * dimension, row);
        }
        index.saveIndex(file);
        std::cout << "@built " << wall_ns() - wall << ' ' << cpu_ns() - cpu << std::endl;
        return 0;
    }
    std::vector<float> query = read_floats(argv[3], queries * dimension);
    hnswlib::HierarchicalNSW<float> index(space.get(), file);
    std::vector<int32_t> found(queries * kNeighbours);
    std::vector<int64_t> latencies(queries);
    std::cout << "@ready" << std::endl;
    std::string line;
    while (std::getline(std::cin, line)) {
        index.setEf(std::stoul(line.substr(line.find(' ') + 1)));
        std::fill(found.begin(), found.end(), -1);
        const int64_t cpu = cpu_ns(), start = wall_ns();
        int64_t before = start;
        for (size_t i = 0; i < queries; i++) {
            auto near = index.searchKnn(query.data() + i * dimension, kNeighbours);
            while (!near.empty()) {
                found[i * kNeighbours + near.size() - 1] = static_cast<int32_t>(near.top().second);
                near.pop();
            }
            const int64_t after = wall_ns();
            latencies[i] = after - before;
            before = after;
        }
        const int64_t spent = cpu_ns() - cpu;
        std::ofstream out(std::string(argv[8]) + "/results.bin", std::ios::binary);
        out.write(reinterpret_cast<const char*>(found.data()), found.size() * sizeof(int32_t));
        out.write(reinterpret_cast<const char*>(latencies.data()), latencies.size() * sizeof(int64_t));
        out.close();
        std::cout << "@done " << before - start << ' ' << spent << std::endl;
    }
    return 0;
}
