#include "CSPIRVOptimizer.h"

#include <cstdlib>
#include <cstring>
#include <exception>
#include <spirv-tools/optimizer.hpp>
#include <string>
#include <vector>

namespace {

char *copied(const std::string &text) {
  char *copy = static_cast<char *>(std::malloc(text.size() + 1));
  if (copy) std::memcpy(copy, text.c_str(), text.size() + 1);
  return copy;
}

// Loops are recognized by values that go round with them, so variables become values before; and arrays
// become variables once their indices are constants, so variables become values after, too.
bool unroll(const uint32_t *words, size_t count, std::vector<uint32_t> &result, std::string &log) {
  spvtools::Optimizer optimizer(SPV_ENV_VULKAN_1_1);
  optimizer.SetMessageConsumer(
      [&log](spv_message_level_t, const char *, const spv_position_t &, const char *message) {
        log += message;
        log += '\n';
      });
  optimizer.RegisterPass(spvtools::CreateInlineExhaustivePass())
      .RegisterPass(spvtools::CreateEliminateDeadFunctionsPass())
      .RegisterPass(spvtools::CreateScalarReplacementPass(0))
      .RegisterPass(spvtools::CreateLocalAccessChainConvertPass())
      .RegisterPass(spvtools::CreateSSARewritePass())
      .RegisterPass(spvtools::CreateAggressiveDCEPass())
      .RegisterPass(spvtools::CreateSimplificationPass())
      .RegisterPass(spvtools::CreateLoopUnrollPass(true))
      .RegisterPass(spvtools::CreateSimplificationPass())
      .RegisterPass(spvtools::CreateScalarReplacementPass(0))
      .RegisterPass(spvtools::CreateLocalAccessChainConvertPass())
      .RegisterPass(spvtools::CreateSSARewritePass())
      .RegisterPass(spvtools::CreateAggressiveDCEPass());
  spvtools::OptimizerOptions options;
  options.set_run_validator(false);
  return optimizer.Run(words, count, &result, options);
}

} // namespace

extern "C" spirv_optimizer_outcome spirv_optimizer_unroll(const uint32_t *words, size_t count) {
  spirv_optimizer_outcome outcome = {nullptr, 0, nullptr};
  try {
    std::vector<uint32_t> result;
    std::string log;
    if (!unroll(words, count, result, log)) {
      outcome.log = copied(log);
      return outcome;
    }
    const size_t bytes = result.size() * sizeof(uint32_t);
    outcome.words = static_cast<uint32_t *>(std::malloc(bytes));
    if (!outcome.words) return outcome;
    std::memcpy(outcome.words, result.data(), bytes);
    outcome.count = result.size();
  } catch (const std::exception &error) {
    outcome.log = copied(error.what());
  } catch (...) {
  }
  return outcome;
}

extern "C" void spirv_optimizer_free(spirv_optimizer_outcome outcome) {
  std::free(outcome.words);
  std::free(outcome.log);
}
