#include "resources.h"

// One entry a file, in the order of `ls`; a test compares the list with the folders.

static const unsigned char float16_yaml[] = {
#embed "../../Profiles/float16.yaml"
};
static const unsigned char quick_yaml[] = {
#embed "../../Profiles/quick.yaml"
};
static const unsigned char search_wdsr_yaml[] = {
#embed "../../Profiles/search-wdsr.yaml"
};
static const unsigned char splitsr_720p_yaml[] = {
#embed "../../Profiles/splitsr-720p.yaml"
};
static const unsigned char sr_mobile_yaml[] = {
#embed "../../Profiles/sr-mobile.yaml"
};
static const unsigned char wdsr_720p_yaml[] = {
#embed "../../Profiles/wdsr-720p.yaml"
};
static const unsigned char device_adreno_6xx_yaml[] = {
#embed "../../Profiles/devices/adreno-6xx.yaml"
};
static const unsigned char device_adreno_7xx_yaml[] = {
#embed "../../Profiles/devices/adreno-7xx.yaml"
};
static const unsigned char device_mali_g5x_g7x_yaml[] = {
#embed "../../Profiles/devices/mali-g5x-g7x.yaml"
};
static const unsigned char device_videocore_yaml[] = {
#embed "../../Profiles/devices/videocore.yaml"
};
static const unsigned char space_lightweight_yaml[] = {
#embed "../../Profiles/spaces/lightweight.yaml"
};
static const unsigned char space_splitsr_yaml[] = {
#embed "../../Profiles/spaces/splitsr.yaml"
};
static const unsigned char space_wdsr_small_yaml[] = {
#embed "../../Profiles/spaces/wdsr-small.yaml"
};
static const unsigned char space_wdsr_yaml[] = {
#embed "../../Profiles/spaces/wdsr.yaml"
};
static const unsigned char report_h200_layers_json[] = {
#embed "../../Reports/h200-layers.json"
};
static const unsigned char report_h200_networks_json[] = {
#embed "../../Reports/h200-networks.json"
};
static const unsigned char report_lavapipe_quick_json[] = {
#embed "../../Reports/lavapipe-quick.json"
};
static const unsigned char report_lavapipe_sr_mobile_json[] = {
#embed "../../Reports/lavapipe-sr-mobile.json"
};
static const unsigned char report_swiftshader_quick_json[] = {
#embed "../../Reports/swiftshader-quick.json"
};
static const unsigned char add_comp[] = {
#embed "../../Shaders/add.comp"
};
static const unsigned char ceiling_copy_comp[] = {
#embed "../../Shaders/ceiling_copy.comp"
};
static const unsigned char ceiling_multiply_add_comp[] = {
#embed "../../Shaders/ceiling_multiply_add.comp"
};
static const unsigned char channel_scale_comp[] = {
#embed "../../Shaders/channel_scale.comp"
};
static const unsigned char concat_comp[] = {
#embed "../../Shaders/concat.comp"
};
static const unsigned char convolution_branched_comp[] = {
#embed "../../Shaders/convolution_branched.comp"
};
static const unsigned char convolution_depthwise_comp[] = {
#embed "../../Shaders/convolution_depthwise.comp"
};
static const unsigned char convolution_direct_comp[] = {
#embed "../../Shaders/convolution_direct.comp"
};
static const unsigned char convolution_gemm_comp[] = {
#embed "../../Shaders/convolution_gemm.comp"
};
static const unsigned char convolution_listed_comp[] = {
#embed "../../Shaders/convolution_listed.comp"
};
static const unsigned char convolution_pointwise_comp[] = {
#embed "../../Shaders/convolution_pointwise.comp"
};
static const unsigned char convolution_winograd_comp[] = {
#embed "../../Shaders/convolution_winograd.comp"
};
static const unsigned char copy_comp[] = {
#embed "../../Shaders/copy.comp"
};
static const unsigned char empty_comp[] = {
#embed "../../Shaders/empty.comp"
};
static const unsigned char epilogue_glsl[] = {
#embed "../../Shaders/epilogue.glsl"
};
static const unsigned char global_average_pool_comp[] = {
#embed "../../Shaders/global_average_pool.comp"
};
static const unsigned char multiply_comp[] = {
#embed "../../Shaders/multiply.comp"
};
static const unsigned char pixel_shuffle_comp[] = {
#embed "../../Shaders/pixel_shuffle.comp"
};
static const unsigned char resize_bilinear_comp[] = {
#embed "../../Shaders/resize_bilinear.comp"
};
static const unsigned char resize_nearest_comp[] = {
#embed "../../Shaders/resize_nearest.comp"
};
static const unsigned char weights_glsl[] = {
#embed "../../Shaders/weights.glsl"
};
static const unsigned char evaluator_py[] = {
#embed "evaluator.py"
};
static const unsigned char latency_table_schema_json[] = {
#embed "../../Sources/Tables/latency-table.schema.json"
};
static const unsigned char evaluator_protocol_schema_json[] = {
#embed "../../Sources/Search/evaluator-protocol.schema.json"
};
static const unsigned char search_space_schema_json[] = {
#embed "../../Sources/Search/search-space.schema.json"
};

#define RESOURCE(path, symbol) {path, symbol, sizeof symbol}
static const SrprofResource resources[] = {
    RESOURCE("Profiles/float16.yaml", float16_yaml),
    RESOURCE("Profiles/quick.yaml", quick_yaml),
    RESOURCE("Profiles/search-wdsr.yaml", search_wdsr_yaml),
    RESOURCE("Profiles/splitsr-720p.yaml", splitsr_720p_yaml),
    RESOURCE("Profiles/sr-mobile.yaml", sr_mobile_yaml),
    RESOURCE("Profiles/wdsr-720p.yaml", wdsr_720p_yaml),
    RESOURCE("Profiles/devices/adreno-6xx.yaml", device_adreno_6xx_yaml),
    RESOURCE("Profiles/devices/adreno-7xx.yaml", device_adreno_7xx_yaml),
    RESOURCE("Profiles/devices/mali-g5x-g7x.yaml", device_mali_g5x_g7x_yaml),
    RESOURCE("Profiles/devices/videocore.yaml", device_videocore_yaml),
    RESOURCE("Profiles/spaces/lightweight.yaml", space_lightweight_yaml),
    RESOURCE("Profiles/spaces/splitsr.yaml", space_splitsr_yaml),
    RESOURCE("Profiles/spaces/wdsr-small.yaml", space_wdsr_small_yaml),
    RESOURCE("Profiles/spaces/wdsr.yaml", space_wdsr_yaml),
    RESOURCE("Reports/h200-layers.json", report_h200_layers_json),
    RESOURCE("Reports/h200-networks.json", report_h200_networks_json),
    RESOURCE("Reports/lavapipe-quick.json", report_lavapipe_quick_json),
    RESOURCE("Reports/lavapipe-sr-mobile.json", report_lavapipe_sr_mobile_json),
    RESOURCE("Reports/swiftshader-quick.json", report_swiftshader_quick_json),
    RESOURCE("Shaders/add.comp", add_comp),
    RESOURCE("Shaders/ceiling_copy.comp", ceiling_copy_comp),
    RESOURCE("Shaders/ceiling_multiply_add.comp", ceiling_multiply_add_comp),
    RESOURCE("Shaders/channel_scale.comp", channel_scale_comp),
    RESOURCE("Shaders/concat.comp", concat_comp),
    RESOURCE("Shaders/convolution_branched.comp", convolution_branched_comp),
    RESOURCE("Shaders/convolution_depthwise.comp", convolution_depthwise_comp),
    RESOURCE("Shaders/convolution_direct.comp", convolution_direct_comp),
    RESOURCE("Shaders/convolution_gemm.comp", convolution_gemm_comp),
    RESOURCE("Shaders/convolution_listed.comp", convolution_listed_comp),
    RESOURCE("Shaders/convolution_pointwise.comp", convolution_pointwise_comp),
    RESOURCE("Shaders/convolution_winograd.comp", convolution_winograd_comp),
    RESOURCE("Shaders/copy.comp", copy_comp),
    RESOURCE("Shaders/empty.comp", empty_comp),
    RESOURCE("Shaders/epilogue.glsl", epilogue_glsl),
    RESOURCE("Shaders/global_average_pool.comp", global_average_pool_comp),
    RESOURCE("Shaders/multiply.comp", multiply_comp),
    RESOURCE("Shaders/pixel_shuffle.comp", pixel_shuffle_comp),
    RESOURCE("Shaders/resize_bilinear.comp", resize_bilinear_comp),
    RESOURCE("Shaders/resize_nearest.comp", resize_nearest_comp),
    RESOURCE("Shaders/weights.glsl", weights_glsl),
    RESOURCE("Sources/CResources/evaluator.py", evaluator_py),
    RESOURCE("Sources/Search/evaluator-protocol.schema.json", evaluator_protocol_schema_json),
    RESOURCE("Sources/Search/search-space.schema.json", search_space_schema_json),
    RESOURCE("Sources/Tables/latency-table.schema.json", latency_table_schema_json),
};

size_t srprof_resource_count(void) { return sizeof resources / sizeof resources[0]; }

SrprofResource srprof_resource(size_t index) { return resources[index]; }
