/// Networks of every family, small enough to be computed here, and deep.
public enum SmallNetworks {
  /// Descriptions of them.
  public static let descriptions =
    [
      "wdsr-a:channels=8", "wdsr-b:channels=8", "wdsr-b:channels=16,scheme=unstructured,rate=4",
      "wdsr-a:channels=8,scheme=block-punched,rate=4", "wdsr-b:channels=8,scheme=pattern,rate=2",
      "wdsr-b:channels=8,scheme=filter,rate=2", "splitsr:channels=8",
      "splitsr:channels=8,location=both",
      "splitsr:channels=8,hybrid=6,mode=back,alpha=1", "splitsr-block:channels=8",
      "edsr:channels=8",
      "rcan:groups=4,channels=8,reduction=4", "carn-m:channels=8", "srcnn",
      "srcnn:scale=2,kernel=1",
      "fsrcnn",
      "espcn", "espcn:activation=relu,colors=3", "xlsr", "abpn", "ecbsr", "sesr", "sesr:scale=4",
      "quicksrnet", "feqe", "feqe:scale=2",
    ].map { "\($0)\($0.contains(":") ? "," : ":")input=8x4" }
    + ["splitsr", "shuffle", "inverted-residual", "idle", "ghost", "depthwise-separable"].map {
      "block-\($0):channels=8,count=8,input=6x4"
    }
}
